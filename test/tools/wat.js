import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

/** Writes src/maths/projection/simd/code.ts anew from the WebAssembly text beside it: `node test/tools/wat.js`. */

const folder = new URL('../../src/maths/projection/simd/', import.meta.url);

/** @returns the module of simd.wat in base64 */
export async function assembled() {
	const module = (await wabt()).parseWat('simd.wat', readFileSync(new URL('simd.wat', folder), 'utf8'), { simd: true });
	module.validate();
	const { buffer } = module.toBinary({});
	module.destroy();
	return Buffer.from(buffer).toString('base64');
}

if (process.argv[1] === new URL(import.meta.url).pathname)
	writeFileSync(
		new URL('code.ts', folder),
		`/** simd.wat, assembled by test/tools/wat.js: not to be edited here. */\nexport const code =\n\t'${await assembled()}';\n`
	);
