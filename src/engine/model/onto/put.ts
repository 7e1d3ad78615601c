import { LabError } from '#contracts/errors.ts';
import type { WeightInfo } from '#contracts/graph.ts';
import type { Model } from '#contracts/model.ts';
import { matchWeights, type Match } from '#engine/model/onto/match.ts';
import { led } from '#engine/model/onto/way.ts';
import { enumerated } from '#maths/format.ts';

const named = (infos: readonly WeightInfo[]) => {
	const shown = infos.slice(0, 4).map(({ name, shape }) => `“${name.slice(0, 80)}” [${shape.join(', ')}]`);
	return enumerated(infos.length > 4 ? [...shown, `${infos.length - 4} more`] : shown);
};

/**
 * Puts the weights of a bag onto a model.
 * @param file what the bag is called
 * @returns what did and what did not match, in sentences
 * @throws LabError where none fits
 */
export function putOnto(model: Model, bag: Model, file: string): string[] {
	const match = matchWeights(model.graph, bag.graph);
	if (!match.fits.length || !model.put)
		throw new LabError(
			`None of the weights in “${file}” fits the open model, neither by name nor by order and shape.`,
			'Open the model that they were trained in, or look at the weights alone.'
		);
	for (const { slot, stored, way } of match.fits) {
		const { dtype } = model.weight(slot.name);
		model.put(slot.name, led(bag.weight(stored.name), way, dtype));
	}
	return messages(match, file);
}

function messages({ fits, kept, unused }: Match, file: string): string[] {
	const [names, turned] = [fits.filter(({ found }) => found === 'name'), fits.filter(({ way }) => way.axes)];
	const ways = [
		...(names.length ? [`${names.length} by name`] : []),
		...(fits.length > names.length ? [`${fits.length - names.length} by order and shape`] : [])
	];
	const axes = turned.length ? `; the axes of ${turned.length} were turned, as their outputs come first` : '';
	return [
		`${fits.length} of ${fits.length + kept.length} weights are those of “${file}”: ${enumerated(ways)}${axes}.`,
		...(kept.length ? [`These kept their own numbers, as nothing in “${file}” fits: ${named(kept)}.`] : []),
		...(unused.length ? [`Not used of “${file}”: ${named(unused)}.`] : [])
	];
}
