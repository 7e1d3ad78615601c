/** What an operator does, in a sentence. */
const NOTES: Readonly<Record<string, string>> = {
	Input: 'Where the model takes its input.'
};

/** A sentence on an operator; for one that is not in the table, where to look. */
export const noteOf = (type: string): string =>
	NOTES[type] ?? `An operation of the model’s own format, “${type}”; the format’s documentation describes it.`;
export const hasNote = (type: string): boolean => Object.hasOwn(NOTES, type);
