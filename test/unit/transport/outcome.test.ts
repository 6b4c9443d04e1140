import {
	isSuccess,
	outcomeOfNetworkError,
	outcomeOfResponse,
} from '../../../nodes/Partnero/transport/outcome';
import { NetworkError } from '../../../nodes/Partnero/transport/send';

const judged = (
	status: number,
	body: unknown,
	method: 'GET' | 'POST' | 'DELETE' = 'DELETE',
	wants?: 'record',
) => outcomeOfResponse({ method, wants }, { status, headers: {}, body });

describe('the words for a failure in a 200', () => {
	it.each([0, '0', false, 'false', 'error', 'Error', 'fail', 'failed'])('%p', (status) => {
		expect(judged(200, { status, message: 'It cannot be deleted.' }).outcome).toBe('rejected');
		expect(judged(200, { data: { status, message: 'It cannot be deleted.' } }).outcome).toBe(
			'rejected',
		);
	});

	it("are no failure where they are a record's own status", () => {
		expect(judged(200, { data: { id: 'po_1', status: 'failed' } }, 'GET').outcome).toBe('ok');
	});
});

it.each([1, '1', true, 'true', 'success', 'ok', 'OK'])(
	'the word for a success in a 200: %p',
	(status) => {
		expect(judged(200, { status }).outcome).toBe('acknowledged');
		expect(judged(200, { status, data: { id: 'x' } }).outcome).toBe('ok');
		expect(judged(200, { status }, 'POST', 'record').outcome).toBe('acknowledged');
	},
);

describe('a bare or odd answer', () => {
	const bare: Array<[number, unknown]> = [
		[200, {}],
		[200, []],
		[200, { data: null }],
		[200, { data: {} }],
		[200, { data: [] }],
		[303, ''],
		[499, ''],
		[101, ''],
	];

	it.each(bare)('to a POST that was to give a record is indeterminate: %i %j', (status, body) => {
		expect(judged(status, body, 'POST', 'record').outcome).toBe('indeterminate');
	});

	it.each([{}, [], { data: null }])('to an action is a success: %j', (body) => {
		expect(isSuccess(judged(200, body, 'POST'))).toBe(true);
	});

	it.each([301, 302, 307, 308])('%i is a wrong address', (status) => {
		expect(judged(status, '', 'POST', 'record').outcome).toBe('rejected');
	});
});

describe('a status, whatever stands in the answer', () => {
	it.each([
		[200, 'ok', 'ok'],
		[204, 'ok', 'acknowledged'],
		[299, 'ok', 'ok'],
		[300, 'rejected', 'rejected'],
		[303, 'rejected', 'indeterminate'],
		[304, 'rejected', 'rejected'],
		[400, 'rejected', 'rejected'],
		[407, 'rejected', 'rejected'],
		[408, 'indeterminate', 'indeterminate'],
		[422, 'rejected', 'rejected'],
		[428, 'rejected', 'rejected'],
		[429, 'rateLimited', 'rateLimited'],
		[498, 'rejected', 'rejected'],
		[499, 'indeterminate', 'indeterminate'],
		[500, 'indeterminate', 'indeterminate'],
		[502, 'indeterminate', 'indeterminate'],
		[599, 'indeterminate', 'indeterminate'],
		[199, 'indeterminate', 'indeterminate'],
	])('%i to a read is %s, to a write %s', (status, read, write) => {
		expect(judged(status, { data: { id: 'x' } }, 'GET').outcome).toBe(read);
		expect(judged(status, { data: { id: 'x' } }, 'POST', 'record').outcome).toBe(write);
	});

	it.each([408, 504, 524])('%i may be in flight', (status) => {
		expect(judged(status, '', 'POST').mayBeInFlight).toBe(true);
	});

	it.each([500, 502, 503, 499])('%i is not in flight any more', (status) => {
		expect(judged(status, '', 'POST').mayBeInFlight).toBe(false);
	});
});

describe('an answer that is no data', () => {
	it.each(['<html></html>', '', null, undefined, 12])('is indeterminate: %j', (body) => {
		for (const method of ['GET', 'POST', 'DELETE'] as const)
			expect(judged(200, body, method).outcome).toBe('indeterminate');
	});
});

describe('several records where one was wanted', () => {
	it('are an answer', () => {
		expect(judged(200, { data: [{ id: 'x' }] }, 'POST', 'record').outcome).toBe('ok');
	});
});

it.each([' success ', 'TRUE\n', '\tok'])(
	'white space around a word means nothing: %j',
	(status) => {
		expect(judged(200, { status }).outcome).toBe('acknowledged');
	},
);

describe('a failure of the network', () => {
	const failed = (code: string) => outcomeOfNetworkError(new NetworkError('network', code, ''));

	it.each([
		'ENOTFOUND',
		'EAI_AGAIN',
		'ECONNREFUSED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
		'ERR_INVALID_URL',
	])('%s: not sent', (code) => expect(failed(code).outcome).toBe('notSent'));

	it.each([
		'ECONNRESET',
		'EPIPE',
		'EPROTO',
		'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
		'ERR_SSL_WRONG_VERSION_NUMBER',
		'EHOSTUNREACH',
		'HPE_INVALID_CONSTANT',
		'',
	])('%s: indeterminate', (code) =>
		expect(failed(code)).toEqual({ outcome: 'indeterminate', mayBeInFlight: false }),
	);

	it.each(['ETIMEDOUT', 'ECONNABORTED'])('%s: may be in flight', (code) => {
		expect(failed(code)).toEqual({ outcome: 'indeterminate', mayBeInFlight: true });
	});

	it.each(['address', 'refused'] as const)('%s: not sent', (failure) => {
		expect(outcomeOfNetworkError(new NetworkError(failure, '', '')).outcome).toBe('notSent');
	});
});
