import type { Customer, Lead, LeadField, LeadStatus } from '../records';
import type { Answer, Call, FieldErrors, Handlers } from '../responses';
import { ApiError, created, data, done, found, invalid } from '../responses';
import type { ProgramState, Reference } from '../state';
import { COMMISSION_RATE } from '../state';

import { page } from './common';
import { addCustomer } from './customers';
import { recordSale } from './transactions';

type AnswerValue = string | string[];

interface LeadBody {
	name: string;
	email: string;
	partner: Reference;
	/** Answers by the id of the form field. */
	cfields?: Record<string, AnswerValue>;
}

/** The lead object; dates are days (partnero-api.md 2.5). */
export function showLead(program: ProgramState, lead: Lead) {
	const { status, name, email, answers } = lead;
	const customer = lead.customer === null ? undefined : program.customers.find('id', lead.customer);
	const partner = program.partners.find('id', lead.partner);
	return {
		id: Number(lead.id),
		status,
		created_at: lead.created_at.slice(0, 10),
		lead_info: { name, email },
		converted_to: customer
			? { key: customer.key, name: customer.name, email: customer.email }
			: null,
		submitter: partner
			? {
					id: partner.id,
					name: [partner.name, partner.surname].filter(Boolean).join(' '),
					email: partner.email,
				}
			: null,
		submission_form: [
			{ question: 'Name', answer: name },
			{ question: 'Email', answer: email },
			...answers,
		],
		can_be_converted: status === 'submitted',
		can_be_rejected: status === 'submitted',
	};
}

/** What is wrong with an answer to a form field, if anything (partnero-api.md 2.5). */
function complaint(field: LeadField, value: AnswerValue | undefined): string | undefined {
	const { type, title, options } = field;
	if (value === undefined || value.length === 0)
		return field.required ? `The ${title} field is required.` : undefined;
	if (type === 'text') return `The ${title} field is text that is only shown.`;
	if ((type === 'checkbox') !== Array.isArray(value)) {
		return `The ${title} field must be ${type === 'checkbox' ? 'a list' : 'a text'}.`;
	}
	const chosen = [value].flat();
	if (options.length && !chosen.every((one) => options.includes(one)))
		return `The selected ${title} is invalid.`;
	if (type === 'countries' && !/^[A-Z]{2}$/i.test(chosen.join()))
		return `The ${title} field must be a country code.`;
	return undefined;
}

/** The answers with their questions; refuses what does not fit the form. */
function readForm(
	form: readonly LeadField[],
	answers: Record<string, AnswerValue>,
): Lead['answers'] {
	const errors: FieldErrors = {};
	for (const field of form) {
		const text = complaint(field, answers[field.id]);
		if (text) errors[`cfields.${field.id}`] = [text];
	}
	for (const id of Object.keys(answers)) {
		if (!form.some((field) => String(field.id) === id))
			errors[`cfields.${id}`] = [`The form has no field ${id}.`];
	}
	if (Object.keys(errors).length) throw invalid(errors);
	return form.flatMap(({ id, title }) => {
		const value = answers[id];
		return value === undefined ? [] : [{ question: title, answer: [value].flat().join(', ') }];
	});
}

function createLead(call: Call): Answer {
	const { program } = call;
	const { name, email, partner: reference, cfields = {} } = call.body as LeadBody;
	const partner = program.partnerBy(reference);
	if (!partner) throw new ApiError(400, 'Invalid partner key');
	const answers = readForm(program.leadForm, cfields);
	const answer = showLead(
		program,
		program.leads.add({ name, email, partner: partner.id, answers }),
	);
	program.emit('lead.submitted', answer);
	return created(call, answer);
}

function leadBy(call: Call, id: string | number | undefined): Lead {
	return found(call.program.leads.find('id', String(id)), 'Lead');
}

/** Ends a lead that is still open; 400 otherwise, which is undocumented. */
function close(call: Call, lead: Lead, status: LeadStatus, customer: Customer | null): Answer {
	const { program } = call;
	program.leads.update(lead, { status, customer: customer?.id ?? null, updated_at: program.now() });
	const answer = showLead(program, lead);
	program.emit(`lead.${status}`, answer);
	return data(answer);
}

function openLead(call: Call, id: string | number | undefined): Lead {
	const lead = leadBy(call, id);
	if (lead.status !== 'submitted')
		throw new ApiError(400, `Action failed: the lead is ${lead.status} already.`);
	return lead;
}

/** From a body or a query. */
interface Decision {
	id?: string | number;
	commission_transaction_amount?: string | number;
}

/** The lead becomes a customer of its partner, with a first sale. */
function convertLead(call: Call, input: Decision): Answer {
	const { program } = call;
	const lead = openLead(call, input.id);
	const { email, name, partner } = lead;
	const customer =
		program.customerBy({ email }) ??
		addCustomer(program, { name, email, partner: { id: partner } });
	const amount = Number(input.commission_transaction_amount);
	recordSale(program, { key: `lead_${lead.id}`, amount, customer: customer.id });
	return close(call, lead, 'converted', customer);
}

function rejectLead(call: Call, input: Decision): Answer {
	return close(call, openLead(call, input.id), 'rejected', null);
}

function getDetails({ program }: Call): Answer {
	return data({
		// A text, not a boolean.
		leads_enabled: 'true',
		program_leads_commission_type: 'program_commission',
		leads_commission: {
			currency: program.settings.currency,
			commission: COMMISSION_RATE.affiliate * 100,
			commission_type: 'percent',
		},
		leads_custom_form_fields: program.leadForm,
	});
}

export const leadHandlers: Handlers = {
	listLeads: (call) =>
		page(call, call.program.leads.inOrder(call.switches.order), (lead) =>
			showLead(call.program, lead),
		),
	getLead: (call) => data(showLead(call.program, leadBy(call, call.params.id))),
	getLeadDetails: getDetails,
	createLead,
	deleteLead: (call) => {
		call.program.leads.remove(leadBy(call, call.params.id));
		return done;
	},
	convertLead: (call) => convertLead(call, call.body as Decision),
	convertLeadByGet: (call) => convertLead(call, call.query as Decision),
	rejectLead: (call) => rejectLead(call, call.body as Decision),
	rejectLeadByGet: (call) => rejectLead(call, call.query as Decision),
};
