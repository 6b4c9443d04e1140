/** Prints how many milliseconds the package's two nodes take to load, with n8n-workflow loaded already. */
const { performance } = require('node:perf_hooks');

require('n8n-workflow');

const before = performance.now();
require('../dist/nodes/Partnero/Partnero.node.js');
require('../dist/nodes/PartneroTrigger/PartneroTrigger.node.js');

process.stdout.write(String(performance.now() - before));
