import Columns from '@lucide/svelte/icons/columns-2';
import Pin from '@lucide/svelte/icons/pin';
import type { LabState } from '#contracts/lab.ts';
import { standsBeside } from '#contracts/panes.ts';
import type { LabCommand } from './commands.ts';

type Action = Omit<LabCommand, 'group'>;

/** Which model a pane is of, and whether it is pinned: what can be chosen now. Without a pane it is the focused one. */
export function besideActions(
	{ panes, beside }: Pick<LabState, 'panes' | 'beside'>,
	pane: string = panes.focused
): Action[] {
	const name = beside.pinned ? 'Pinned' : 'Model B';
	const turn = (title: string): Action[] =>
		panes.turns(pane) ? [{ id: 'turn pane', title, icon: Columns, run: () => panes.turn(pane) }] : [];
	if (standsBeside(pane))
		return [
			...(beside.pinned
				? [{ id: 'follow', title: 'Follow the selection', icon: Pin, run: () => beside.follow() }]
				: beside.lab?.model
					? [{ id: 'pin', title: 'Pin input, class and layer', icon: Pin, run: () => beside.pin() }]
					: []),
			...turn('Model A here')
		];
	const doubles = panes.doubles(pane);
	// There is one second lab: what it keeps for other panes is not taken from them.
	const free = !panes.ids.some(standsBeside);
	return [
		...(doubles ? [{ id: 'double pane', title: `${name} beside`, icon: Columns, run: () => panes.double(pane) }] : []),
		...(doubles && free
			? [{ id: 'keep pane', title: 'Pin a copy beside', icon: Pin, run: () => beside.keep(pane) }]
			: []),
		...turn(`${name} here`)
	];
}
