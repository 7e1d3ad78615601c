import type { Samples } from '../samples.ts';

const points = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(i), i / 10]);
const bytes = () => new Uint8Array(Float32Array.from(points.flat()).buffer);
const tensor = `${points.map((row) => row.join('\t')).join('\n')}\n`;
const metadata = `word\tclass\n${points.map((_, i) => `word ${i}\t${'abc'[i % 3]}`).join('\n')}\n`;

const samples: Samples = {
	cut: 'refused',
	files: {
		texts: () => ({ 'tensors.tsv': tensor, 'metadata.tsv': metadata }),
		bytes: () => ({ 'vectors.bytes': bytes(), 'metadata.tsv': metadata }),
		configured: () => ({
			'projector_config.json': JSON.stringify({
				embeddings: [
					{ tensorName: 'Words', tensorShape: [12, 3], tensorPath: 'x/e.bytes', metadataPath: 'x/words.tsv' }
				]
			}),
			'e.bytes': bytes(),
			'words.tsv': metadata
		}),
		pbtxt: () => ({
			'projector_config.pbtxt':
				'embeddings {\n  tensor_name: "E"\n  tensor_path: "e.tsv"\n  metadata_path: "words.tsv"\n}\n',
			'e.tsv': tensor,
			'words.tsv': metadata
		})
	}
};

export default samples;
