import type { Component } from 'svelte';

/** What can be found and done from anywhere. */
export interface LabCommand {
	/** Unlike all others. */
	id: string;
	group: string;
	title: string;
	note?: string;
	icon?: Component;
	run: () => void;
}

/** Lines that are shown: more are found by more letters. */
export const MAX_FOUND_COMMANDS = 60;

/**
 * @param query words in any order; each must be the beginning of a word of the title, the note or the group, or stand within
 * the title
 * @returns those found in their order, titles that begin with the query before the others, at most `MAX_FOUND_COMMANDS`
 */
export function found(commands: readonly LabCommand[], query: string): LabCommand[] {
	const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en');
	const words = folded(query).split(/\s+/).filter(Boolean);
	const whole = words.join(' ');
	const [first, others]: [LabCommand[], LabCommand[]] = [[], []];
	for (const command of commands) {
		const title = folded(command.title);
		const beginnings = folded(`${command.note ?? ''} ${command.group}`).split(/\s+/);
		if (!words.every((word) => title.includes(word) || beginnings.some((text) => text.startsWith(word)))) continue;
		(whole && title.startsWith(whole) ? first : others).push(command);
	}
	return [...first, ...others].slice(0, MAX_FOUND_COMMANDS);
}
