/**
 * Loaded into n8n's process before n8n (`NODE_OPTIONS=--require`): answers on loopback what the process
 * has used. GET / gives the numbers, POST / collects garbage, forgets peaks and begins to watch.
 */
const { createServer } = require('node:http');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const port = Number(process.env.BENCH_PROBE_PORT);
/** Milliseconds between two looks: the granularity of what is found. */
const every = 10;

if (port) {
	// What n8n starts of its own is not measured.
	delete process.env.BENCH_PROBE_PORT;
	setFlagsFromString('--expose-gc');
	const gc = runInNewContext('gc');
	let peak = 0;
	let blocks = [];
	let watching;

	const watch = () => {
		let last = Date.now();
		return setInterval(() => {
			const now = Date.now();
			const late = now - last - every;
			if (late > every) blocks.push({ from: last, to: now, ms: late });
			peak = Math.max(peak, process.memoryUsage.rss());
			last = Date.now();
		}, every).unref();
	};

	createServer((request, response) => {
		if (request.method === 'POST') {
			clearInterval(watching);
			gc();
			blocks = [];
			peak = process.memoryUsage.rss();
			if (request.url === '/watch') watching = watch();
		}
		const { user, system } = process.cpuUsage();
		const rss = process.memoryUsage.rss();
		response.end(
			JSON.stringify({ cpu: (user + system) / 1000, rss, peak: Math.max(peak, rss), blocks }),
		);
	})
		.listen(port, '127.0.0.1')
		.unref();
}
