import type { SourceFile } from '#contracts/source.ts';
import { headOf } from '#loaders/head.ts';

/** The format's own limit for its header. */
const LONGEST = 100_000_000;

/** Whether it begins as such files do. */
export async function isSafetensors({ blob }: SourceFile): Promise<boolean> {
	const { buffer, byteOffset, length } = await headOf(blob, 9);
	const head = new DataView(buffer, byteOffset, length);
	return head.byteLength === 9 && head.getUint8(8) === 0x7b && head.getBigUint64(0, true) <= BigInt(LONGEST);
}
