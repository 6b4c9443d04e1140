import axios from 'axios';

import type { Credential, WorkflowFile, WorkflowRun } from '../../n8n/client';
import { readExample } from '../support/examples';

import type { TestedWorkflow } from './stage';
import { Stage } from './stage';

/** Every example has one Manual Trigger, of this name. */
export const manual = 'Try it now';

/** The credentials of nodes that have one kind only, or of which the examples use one. */
const OWN_CREDENTIALS: Record<string, string | undefined> = {
	emailSend: 'smtp',
	hubspot: 'hubspotAppToken',
	lmChatOpenAi: 'openAiApi',
	payPal: 'payPalApi',
	slack: 'slackApi',
	stripeTrigger: 'stripeApi',
};

/** The type of credential that a node of n8n's own needs, as far as the examples use them. */
function credentialTypeOf({ type, parameters }: WorkflowFile['nodes'][number]): string | undefined {
	const own = OWN_CREDENTIALS[type.replace(/^.*\./, '')];
	if (own) return own;
	const { authentication, nodeCredentialType } = parameters as Record<string, string | undefined>;
	if (nodeCredentialType) return nodeCredentialType;
	return {
		headerAuth: 'httpHeaderAuth',
		basicAuth: 'httpBasicAuth',
		bearerAuth: 'httpBearerAuth',
	}[authentication ?? ''];
}

interface FillIn {
	/** Beside Partnero's, for the nodes that need one of their type. */
	credentials?: Credential[];
	/** What else the example's note says to fill in. */
	nodes?: (nodes: WorkflowFile['nodes']) => void;
}

interface Examples {
	/** Imports an example as it is, but for what its note says to fill in. It is unpublished after the test. */
	load(file: string, fillIn?: FillIn): Promise<TestedWorkflow>;
	/** Runs an example from its Manual Trigger, and throws what stopped it. */
	tryNow(example: TestedWorkflow): Promise<WorkflowRun>;
	/** Runs it from another trigger, as the button beside that one does. */
	strike(example: TestedWorkflow, trigger: string): Promise<WorkflowRun>;
	/** Creates a record in Partnero, past n8n. */
	call(path: string, body: object): Promise<Record<string, unknown>>;
	/** What somebody out there posts to an address of n8n. */
	post(
		path: string,
		body: unknown,
		headers?: Record<string, string>,
	): Promise<{ status: number; data: unknown }>;
}

/**
 * A real n8n and an empty sandbox for the examples of a test file.
 * @param start how that n8n is started
 */
export function useExamples(
	onStart: (stage: Stage) => void,
	start: () => Promise<Stage> = async () => await Stage.start(),
): Examples {
	let stage: Stage;
	let workflow: TestedWorkflow | undefined;
	beforeAll(async () => onStart((stage = await start())));
	afterAll(async () => await stage?.end());
	beforeEach(async () => await stage.reset('empty'));
	afterEach(async () => {
		await workflow?.deactivate();
		workflow = undefined;
		expect(stage.sandbox.ledger().webhooks).toEqual([]);
	});
	const strike = async (example: TestedWorkflow, trigger: string) => {
		const run = await stage.n8n.client.runWorkflow(example.id, trigger);
		if (run.error) throw new Error(run.error);
		return run;
	};
	return {
		async load(file, { credentials = [], nodes: change } = {}) {
			const example = readExample(file);
			change?.(example.nodes);
			for (const node of example.nodes) {
				const credential = credentials.find(({ type }) => type === credentialTypeOf(node));
				if (credential)
					node.credentials = { [credential.type]: { id: credential.id, name: credential.name } };
			}
			workflow = await stage.createWorkflow(example);
			return workflow;
		},
		tryNow: async (example) => await strike(example, manual),
		strike,
		async call(path, body) {
			const headers = { authorization: `Bearer ${stage.sandbox.keys.affiliate}` };
			const { data } = await axios.post<{ data: Record<string, unknown> }>(
				`${stage.sandbox.url}${path}`,
				body,
				{ headers },
			);
			return data.data;
		},
		async post(path, body, headers = {}) {
			const { status, data } = await axios.post<unknown>(`${stage.n8n.url}${path}`, body, {
				headers,
				validateStatus: () => true,
			});
			return { status, data };
		},
	};
}
