import Download from '@lucide/svelte/icons/download';
import FileDown from '@lucide/svelte/icons/file-down';
import House from '@lucide/svelte/icons/house';
import Link from '@lucide/svelte/icons/link';
import PanelRight from '@lucide/svelte/icons/panel-right';
import Redo from '@lucide/svelte/icons/redo-2';
import Undo from '@lucide/svelte/icons/undo-2';
import type { LabState } from '#contracts/lab.ts';
import type { LabCommand } from './commands.ts';
import { paneCommands } from './pane-commands.ts';
import { THEMES } from './themes.ts';

/** The page, as its commands find it. */
export interface PageState {
	/** It has room for one pane. */
	narrow: boolean;
	/** The panels stand beside the view; null where there is no room for them, or nothing to show. */
	pinned: boolean | null;
	onpin: (pinned: boolean) => void;
	onstart: () => void;
	oncopy: () => void;
	/** Somebody wants the open model as a file. */
	onsave: () => void;
}

/** What the page itself can do. */
export function pageCommands(
	lab: LabState,
	{ narrow, pinned, onpin, onstart, oncopy, onsave }: PageState
): LabCommand[] {
	const action = (id: string, title: string, icon: LabCommand['icon'], run: () => void): LabCommand => ({
		...{ id, group: 'Action', title, run },
		...(icon ? { icon } : {})
	});
	return [
		action('start', 'Start: samples and files', House, onstart),
		...(lab.undoable ? [action('Undo', 'Undo', Undo, () => lab.undo())] : []),
		...(lab.redoable ? [action('Redo', 'Redo', Redo, () => lab.redo())] : []),
		action('share', 'Copy the link to what you see', Link, oncopy),
		...(lab.model ? [action('save model', 'Save model as… (TF.js, safetensors, .npz, JSON)', FileDown, onsave)] : []),
		action('session', 'Save session (.zip)', Download, () => lab.saveSession()),
		...THEMES.map(({ id, title, icon }) =>
			action(`theme ${id}`, `Theme: ${title.toLowerCase()}`, icon, () => lab.setTheme(id))
		),
		...(narrow ? [] : paneCommands(lab.panes)),
		...(pinned === null
			? []
			: [
					action(
						'panels',
						pinned ? 'Close the panels beside the view' : 'Show the panels beside the view',
						PanelRight,
						() => onpin(!pinned)
					)
				])
	];
}
