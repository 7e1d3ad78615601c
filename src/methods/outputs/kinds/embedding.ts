import type { OutputKind } from '#contracts/output.ts';
import { giver, isVector } from '#methods/outputs/facts.ts';
import { operatorOf } from '#engine/model/operators/index.ts';

/** Names that exporters and authors give such an output. */
const NAMED = /embed|feature|latent|encod|bottleneck|pooled|pooler|hidden_state|descriptor|(^|[/_.])z($|[/_.:])/i;
/** Fewer numbers than this are values. */
const FEWEST = 8;

/** A vector whose direction says what the input is like. */
const kind: OutputKind = {
	id: 'embedding',
	title: 'Embedding',
	order: 4,
	match(facts) {
		const { head } = facts;
		if (!isVector(facts) || head.units < 2 || head.activation === 'softmax') return null;
		const node = giver(facts);
		const many = head.units >= FEWEST;
		const types = `${node?.type ?? ''}`;
		if (many && /l2|lpnorm/i.test(`${types} ${head.output}`))
			return { sure: 0.95, reason: 'it is brought to unit length' };
		if (many && NAMED.test(head.output)) return { sure: 0.85, reason: 'from its name' };
		const pooled = node && operatorOf(node.type).family === 'pooling';
		if (many && pooled) return { sure: 0.85, reason: 'it ends in a pooling layer' };
		const normal = node && operatorOf(node.type).family === 'normalisation';
		if (many && normal) return { sure: 0.7, reason: 'it ends in a normalisation' };
		if (head.kind === 'value' && head.units >= 2 * FEWEST)
			return { sure: 0.65, reason: `${head.units} numbers that are no scores` };
		return { sure: 0.02, reason: 'yours' };
	}
};

export default kind;
