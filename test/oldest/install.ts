import { ensureN8n } from '../../n8n/install';

/** Jest calls it once, before the tests. */
export default async function install(): Promise<void> {
	await ensureN8n('oldest');
}
