import type { Compute, Summary } from '../../operation';
import { ifSent, pick, tagsOf } from '../../shared/summary';

const defaultSeconds = 120;

/** The URL, wherever it stands: no document describes the answer (`partnero-api.md` 2.2). */
export const signInUrl: Compute = (data, { form }) => {
	const named = ['url', 'sign_in_url', 'signin_url', 'link'].map((name) => data[name]);
	const url = [...named, ...Object.values(data)].find(
		(value) => typeof value === 'string' && /^https?:/.test(value),
	);
	const expiresIn = data.expires_in ?? form.value('additionalFields.expiresIn') ?? defaultSeconds;
	return [{ signInUrl: url ?? null, expiresIn: Number(expiresIn) }];
};

export const summarizePartner: Summary = (record) => ({
	...pick(record, ['id', 'email', 'name', 'surname', 'status', 'approved']),
	...ifSent(record, ['referral_link']),
	...(record.tags === undefined ? {} : { tags: tagsOf(record) }),
	...ifSent(record, ['referrals_count', 'created_at']),
});
