import type { FieldPortMessage } from '#contracts/draw.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { typedEngine } from '#engine/playground/typed-engine.ts';
import { playground } from '#workers/compute/playground.ts';
import { serve } from '#workers/rpc.ts';

/** The thread that trains on typed arrays, so that the compute worker stays free. It takes a `FieldPortMessage`. */

let fields: MessagePort | null = null;

serve<PlaygroundApi>(
	self as never,
	playground(typedEngine, (field, transfer) => fields?.postMessage(field, transfer))
);

self.addEventListener('message', ({ data }: MessageEvent<FieldPortMessage>) => {
	if (data.type === 'field-port') fields = data.port;
});
