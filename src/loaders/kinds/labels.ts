import type { FileKind, Reading } from '#contracts/kind.ts';
import { fitsUnits } from '#maths/unit-names.ts';
import { classNamesIn, textOf } from '#loaders/class-names.ts';
import { labelFiles } from '#loaders/labels-beside.ts';

/** Files that are looked into. */
const MAX_FILES = 20;

/** Names of the classes that a model predicts. */
const kind: FileKind = {
	id: 'labels',
	title: 'class names',
	extensions: ['.txt', '.json', '.csv', '.names', '.pbtxt', '.yaml', '.yml'],

	async match(source, { units }) {
		let best: Omit<Reading, 'kind' | 'title'> | null = null;
		for (const file of (await labelFiles(source)).slice(0, MAX_FILES)) {
			const text = await textOf(file);
			const found = classNamesIn(text);
			if (!found || isFigure(text)) continue;
			const { names, table } = found;
			const fits = units !== null && fitsUnits(names.length, units);
			// A list of names that fit no model is still one; a table with a column of names may well be data.
			const sure = fits ? 0.9 : names.length > 1 && !table ? 0.85 : 0.3;
			if (best && best.sure >= sure) continue;
			best = { sure, uses: [source.files.indexOf(file)], what: `class names: ${amount(names.length)}`, names };
			if (units !== null && !fits)
				best.problem = {
					message: `“${file.path}” holds ${amount(names.length)}, and the open model predicts ${units}.`,
					hint: 'Nothing was changed.',
					final: false
				};
		}
		return best;
	}
};

const amount = (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'name' : 'names'}`;
const isFigure = (text: string) => text.slice(0, 400).includes('"vitrine-');

export default kind;
