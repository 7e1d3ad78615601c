import type { LabState } from '#contracts/lab.ts';
import { standsBeside } from '#contracts/panes.ts';
import { besideActions } from './beside-commands.ts';
import type { LabCommand } from './commands.ts';

/** What can be done to the focused pane, for the palette, with the models that B may be. */
export function besideCommands(lab: Pick<LabState, 'panes' | 'beside' | 'shipped'>): LabCommand[] {
	const models = lab.shipped.flatMap(({ name, card }) => [
		{ choice: name, title: `${card.title}, trained` },
		...(card.variants ?? []).map(({ file, title }) => ({
			choice: `${name}/${file}`,
			title: `${card.title}, ${title.toLowerCase()}`
		}))
	]);
	const choices = lab.panes.ids.some(standsBeside) ? models : [];
	return [
		...besideActions(lab).map((action) => ({ ...action, group: 'Panes' })),
		...choices.map(({ choice, title }) => ({
			id: `beside ${choice}`,
			group: 'Model B',
			title: `B: ${title}`,
			run: () => lab.beside.choose(choice)
		}))
	];
}
