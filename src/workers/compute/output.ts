import { LabError } from '#contracts/errors.ts';
import type { OutputDrawing, OutputRequest } from '#contracts/output.ts';
import { validParameters } from '#contracts/parameter.ts';
import * as tf from '#engine/tf.ts';
import { outputKinds } from '#methods/outputs/registry.ts';
import type { Session } from '#workers/compute/session.ts';
import { Transferred } from '#workers/rpc.ts';

/** What an output holds for what is fed, ready to be drawn. */
export async function drawnOutput(session: Session, request: OutputRequest): Promise<Transferred<OutputDrawing>> {
	const facts = session.facts(request.output);
	const kind = outputKinds.get(request.kind);
	const matched = kind?.match(facts);
	if (!kind?.read || !matched) throw new LabError(`The output “${facts.head.title}” cannot be read so.`);
	const values = session.whole(kind.read.references(facts));
	try {
		const parameters = validParameters(matched.parameters ?? [], request.parameters);
		const drawing = await kind.read.draw(values, { facts, parameters, input: session.pictureTensor });
		return new Transferred(drawing, buffersOf(drawing));
	} finally {
		tf.dispose(values);
	}
}

const buffersOf = (drawing: OutputDrawing): Transferable[] =>
	Object.values(drawing).flatMap((part: unknown) => (ArrayBuffer.isView(part) ? [part.buffer as ArrayBuffer] : []));
