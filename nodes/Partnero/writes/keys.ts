export { cutForms, foldKey, isCutOff, isSimilarKey, shortestCut } from '../form/keys';
