import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';
import { currencyCode } from '../shared/amounts';

import type { Amount } from './decimal';
import { amountOf, Sums } from './decimal';
import { amountsOf } from './periodLedger';
import type { ProgramIdentity } from './programIdentity';
import type { Reading } from './readSince';
import { readSince } from './readSince';

/** What waits for the manager of a program; `null` is what the server does not show. */
export interface Waiting {
	/** Everything that is shown, for a workflow that does something only if it is more than 0. */
	total: number;
	/** Partners to approve. */
	partners: number | null;
	/** Payout requests to decide about, and of how much in each currency. */
	payoutRequests: number | null;
	payoutAmounts: Amount[];
	/** Leads that were submitted, and neither converted nor rejected. */
	leads: number | null;
}

/** The statuses in which a payout request waits for a decision (`partnero-api.md` 2.11). */
const waitingPayouts = ['requested', 'resubmitted'];

/** The status of a record, which the API gives with a capital here and there (`partnero-api.md` 2.8); '' if it shows none. */
function statusOf({ status }: IDataObject): string {
	return typeof status === 'string' ? status.trim().toLowerCase() : '';
}

/** Counts what waits: by the statistics of the program, which cost nothing more, or else by lists. */
export class Waiters {
	private readonly partners: number | null;

	private readonly counts = { partners: 0, leads: 0 };

	constructor(private readonly program: ProgramIdentity) {
		const count = program.statistics.partner_activity_waiting_for_approval;
		this.partners = typeof count === 'number' ? count : null;
	}

	/** Whether a list has to be read to its end for it. */
	needs(list: string): boolean {
		if (this.program.kind !== 'affiliate') return false;
		return list === 'leads' || (list === 'partners' && this.partners === null);
	}

	take(list: string, record: IDataObject): void {
		const status = statusOf(record);
		if (list === 'partners' && status === 'pending') this.counts.partners += 1;
		if (list === 'leads' && status === 'submitted') this.counts.leads += 1;
	}

	/** @returns `null` for a program in which nothing waits for its manager */
	async result(call: Call, read: { [list: string]: Reading }): Promise<Waiting | null> {
		if (this.program.kind !== 'affiliate') return null;
		const partners = this.partners ?? (read.partners?.isShown ? this.counts.partners : null);
		const leads = read.leads?.isShown ? this.counts.leads : null;
		const payouts =
			this.payoutsByStatistics() ?? (await payoutsByList(call, this.program.currency));
		return {
			total: (partners ?? 0) + (payouts?.payoutRequests ?? 0) + (leads ?? 0),
			partners,
			...(payouts ?? { payoutRequests: null, payoutAmounts: [] }),
			leads,
		};
	}

	private payoutsByStatistics(): Pick<Waiting, 'payoutRequests' | 'payoutAmounts'> | undefined {
		const { statistics, currency } = this.program;
		const counts = waitingPayouts.map(
			(status) => statistics[`payout_status_breakdown_${status}_count`],
		);
		if (counts.some((count) => typeof count !== 'number')) return undefined;
		const sums = new Sums();
		for (const status of waitingPayouts) {
			const name = `payout_status_breakdown_${status}_amounts`;
			const unit = String(statistics[`${name}_currency`] ?? currency ?? '');
			const amounts = (statistics[`${name}_by_currency`] ?? { [unit]: statistics[name] }) as {
				[unit: string]: unknown;
			};
			for (const [of, value] of Object.entries(amounts))
				if (typeof value === 'number' && value !== 0)
					sums.add({ value, unit: currencyCode(of) ?? of });
		}
		return {
			payoutRequests: counts.reduce<number>((sum, count) => sum + Number(count), 0),
			payoutAmounts: amountsOf(sums, currency ?? ''),
		};
	}
}

async function payoutsByList(
	call: Call,
	currency: string | undefined,
): Promise<Pick<Waiting, 'payoutRequests' | 'payoutAmounts'> | undefined> {
	const sums = new Sums();
	let count = 0;
	for (const status of waitingPayouts) {
		const list = {
			name: 'payoutRequests',
			url: '/payout_requests:search',
			qs: { status },
			unique: 'id',
			isSortable: false,
			isOptional: true,
		};
		const { isShown } = await readSince(call, list, -Infinity, 'UTC', (request) => {
			// A server may ignore the filter.
			if (statusOf(request) !== '' && statusOf(request) !== status) return;
			count += 1;
			const amount = amountOf(request, currency);
			if (amount) sums.add(amount);
		});
		if (!isShown) return undefined;
	}
	return { payoutRequests: count, payoutAmounts: amountsOf(sums, currency ?? '') };
}
