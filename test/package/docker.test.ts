import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { parse } from 'yaml';

const root = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
	image?: string;
	build?: { context: string; dockerfile: string; target: string };
	environment?: { [name: string]: string };
	ports?: string[];
	network_mode?: string;
}
const { services } = parse(read('docker/compose.yaml')) as {
	services: { [name: string]: Service };
};

// Nothing here starts a container: `npm run docker` does, where there is a Docker daemon.

it('the compose file keeps to the schema of Docker Compose, and to the order of its linter', () => {
	const linter = join(dirname(require.resolve('dclint/package.json')), 'bin/dclint.cjs');
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[linter, '--max-warnings', '0', 'docker/compose.yaml'],
		{ cwd: root, encoding: 'utf8' },
	);
	expect({ status, said: `${stdout}${stderr}`.trim() }).toMatchObject({ status: 0 });
});

it('it starts the n8n that was tested, and lets it load a package that is not verified', () => {
	const { dependencies } = JSON.parse(read('n8n/runtime/package.json')) as {
		dependencies: { n8n: string };
	};
	expect(services.n8n.image).toBe(`docker.n8n.io/n8nio/n8n:\${N8N_VERSION:-${dependencies.n8n}}`);
	expect(services.n8n.environment).toMatchObject({ N8N_UNVERIFIED_PACKAGES_ENABLED: 'true' });
});

it('only this machine can reach it', () => {
	const ports = Object.values(services).flatMap((service) => service.ports ?? []);
	expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
	expect(services.sandbox.network_mode).toBe('service:n8n');
});

it('what it builds is a stage of the Dockerfile', () => {
	const stages = [...read('docker/Dockerfile').matchAll(/^FROM .+ AS (\w+)$/gm)].map(
		([, name]) => name,
	);
	const targets = Object.values(services).flatMap(({ build }) => (build ? [build.target] : []));
	expect(targets).toEqual(['install', 'sandbox']);
	expect(targets.filter((target) => !stages.includes(target))).toEqual([]);
});
