import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode, INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { WorkflowFile } from '../../n8n/client';

const FOLDER = join(__dirname, '../../examples');

/** The examples' file names. */
export const exampleFiles = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

export function readExample(file: string): WorkflowFile {
	return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as WorkflowFile;
}

/** The text of an example's one note. */
export function noteOf(file: string): string {
	const note = readExample(file).nodes.find(({ type }) => type.endsWith('.stickyNote'));
	return (note?.parameters as { content: string }).content;
}

/** What the check of parameters needs of a node type. */
export type DescribedNode = Pick<INodeTypeDescription, 'name' | 'version'> & {
	properties: INodeProperties[];
};

/** Paths of parameters that the editor would not show for this node, and n8n would not read. */
export function unknownParameters(
	node: WorkflowFile['nodes'][number],
	description: DescribedNode,
): string[] {
	const parameters = node.parameters as INodeParameters;
	const known = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		node as unknown as INode,
		description as INodeTypeDescription,
	);
	return missingPaths(parameters, known ?? {});
}

function missingPaths(given: unknown, known: unknown, path = ''): string[] {
	if (given === null || typeof given !== 'object') return [];
	return Object.entries(given).flatMap(([key, value]) => {
		const here = path ? `${path}.${key}` : key;
		if (known === null || typeof known !== 'object' || !(key in known)) return [here];
		return missingPaths(value, (known as Record<string, unknown>)[key], here);
	});
}
