import type { InputSpec } from '#contracts/compute.ts';
import type { SentField } from '#contracts/field.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { SliceField, SlicePlane } from '#contracts/slices.ts';
import { Session } from '#workers/compute/session.ts';
import { slicing } from '#workers/compute/slices.ts';
import { Transferred } from '#workers/rpc.ts';
import card from '../../models/digits/card.json' with { type: 'json' };
import { shippedModel } from './shipped.ts';

/** A sample input, which the page fetches by plain address, too. */
const picture = async (digit: number) => createImageBitmap(await (await fetch(`/samples/digit-${digit}.png`)).blob());

/** The shipped digits model with a plane through three of its samples, as the worker has them; in a browser test. */
export async function digitSlices(digits: readonly [number, number, number]) {
	const session = new Session(await shippedModel('digits'), 'digits');
	const [input] = session.inputs as [InputSpec];
	const preprocessingByInput = new Map([[input.id, card.preprocessing as Preprocessing]]);
	const images = await Promise.all(digits.map(picture));
	session.feed({ [input.id]: { kind: 'image', bitmap: images[0]! } }, preprocessingByInput);
	const fields = new Map<string, SentField>();
	const slices = slicing({
		opened: () => session,
		together: (_, job) => job(),
		send: (field) => void fields.set(field.key, field)
	});
	const head = { output: session.heads[0]!.output, unit: 0 };
	const now = { signal: new AbortController().signal, progress: () => {} };
	const inputs = [
		{ kind: 'current' } as const,
		...images.slice(1).map((bitmap) => ({ kind: 'image', bitmap }) as const)
	];
	const slice = await slices.api.slicePlane({ head, inputs, plane: { kind: 'three' } }, now);
	const plane: SlicePlane = slice instanceof Transferred ? slice.value : slice;

	async function field(side: number, adaptive: boolean): Promise<{ report: SliceField; values: Float32Array }> {
		const request = { plane: plane.handle, head, box: plane.box, width: side, height: side, adaptive };
		const report = (await slices.api.sliceField(request, 'field', now)) as SliceField;
		const payload = fields.get(report.key)?.payload;
		fields.clear();
		if (payload?.kind !== 'array') throw new Error('An array was asked for.');
		return { report, values: payload.values };
	}
	return { session, slices, plane, head, now, field };
}
