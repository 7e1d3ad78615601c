import { gguf, ggufBytes } from '../../tools/weight-bytes.ts';
import type { Samples } from '../samples.ts';

/** Bytes that make no NaN where halves are read. */
const bytes = (count: number) => Uint8Array.from({ length: count }, (_, i) => (37 * i) % 96);

const samples: Samples = {
	cut: 'refused',
	files: {
		language: () => ({
			'tiny.gguf': ggufBytes(
				[
					['token_embd.weight', 0, [4, 8], bytes(128)],
					['blk.0.attn_q.weight', 2, [2, 32], bytes(36)],
					['blk.0.attn_q.bias', 1, [4], bytes(8)],
					['blk.0.ffn_up.weight', 12, [1, 256], bytes(144)],
					['blk.0.ffn_down.weight', 19, [1, 256], bytes(50)],
					['output_norm.weight', 30, [16], bytes(32)]
				],
				[
					['general.architecture', ...gguf.text('llama')],
					['general.alignment', ...gguf.number(32)],
					['tokenizer.ggml.tokens', ...gguf.texts(['<s>', '</s>', ...'abcdefghijkl'])]
				]
			)
		}),
		old: () => ({ 'v2.gguf': ggufBytes([['w.weight', 8, [2, 64], bytes(136)]], [], { version: 2 }) })
	}
};

export default samples;
