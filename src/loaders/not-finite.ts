import type { NotFinite } from '#contracts/model.ts';

/** What is said of weights that hold NaN or infinite numbers: none, or one sentence. */
export function notFiniteSentence(bad: readonly NotFinite[]): string[] {
	if (!bad.length) return [];
	const names = bad.slice(0, 3).map(({ name, count, of }) => `"${name}" (${count} of ${of})`);
	const more = bad.length > 3 ? ` and ${bad.length - 3} more` : '';
	return [`Some weights are NaN or infinite, in ${names.join(', ')}${more}: what comes after them may mean nothing.`];
}
