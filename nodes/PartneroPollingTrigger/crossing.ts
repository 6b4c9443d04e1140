import type { IDataObject } from 'n8n-workflow';

import { metricNamed } from '../Partnero/resources/program/metrics';
import { simplifyProgram } from '../Partnero/resources/program/output';
import { requestFailure } from '../Partnero/response/requestFailure';
import { dataOf } from '../Partnero/response/unwrap';
import { isRecord, isSuccess } from '../Partnero/transport/outcome';
import { sendWithRetry } from '../Partnero/transport/retry';
import type { Sender } from '../Partnero/transport/sender';

/** A number of the program, and the value that it may cross. */
export interface Threshold {
	metric: string;
	threshold: number;
	direction: 'above' | 'below';
}

/** The number as it is now. */
export interface Measured {
	/** `undefined` if the program has no such number. */
	value?: number | null;
	/** Whether it is at the threshold, or above it. */
	isReached: boolean;
	/** What Program: Get answers. */
	program: IDataObject;
	data: IDataObject;
}

/**
 * Reads the number.
 * @throws NodeApiError if the program cannot be read
 */
export async function measure(sender: Sender, { metric, threshold }: Threshold): Promise<Measured> {
	const result = await sendWithRetry(sender, { method: 'GET', url: '/program' });
	const data = dataOf(result);
	if (!isSuccess(result) || !isRecord(data))
		throw await requestFailure(sender, result, 'The program could not be read');
	const program = simplifyProgram(data);
	const value = program[metric] as number | null | undefined;
	return { value, isReached: typeof value === 'number' && value >= threshold, program, data };
}

/** The item of a crossing. */
export function crossingItem(
	{ metric, threshold, direction }: Threshold,
	{ value, program, data }: Measured,
	simplify: boolean,
): IDataObject {
	const currency = program[`${metric}_currency`];
	return {
		metric,
		label: metricNamed(metric)?.label ?? metric,
		value,
		...(currency !== undefined && { currency }),
		threshold,
		direction,
		program: simplify ? program : data,
	};
}
