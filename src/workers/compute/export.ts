import { LabError } from '#contracts/errors.ts';
import type { ExportApi, ExportOffer, ExportProgress } from '#contracts/export.ts';
import type { Session } from '#workers/compute/session.ts';
import type { Turns } from '#workers/compute/turns.ts';
import type { Served } from '#workers/rpc.ts';

/** The open model as files. What writes them is fetched when somebody wants that. */
export const exporting = (opened: () => Session, together: Turns['together']): Served<ExportApi> => ({
	exportFormats: async () => {
		const { exportFormats } = await import('#methods/export.ts');
		const { model, obstacle: own } = opened();
		// Weights that the device has no room for are not being read.
		const obstacle = own?.kind === 'size' ? own : model.obstacle;
		return [...exportFormats.values()].map(({ id, title, note, refusal }): ExportOffer => ({
			id,
			title,
			note,
			refusal: refusal({ graph: model.graph, obstacle })
		}));
	},

	exportModel: async ({ format, title, labels }, { signal, progress }) => {
		const { exportFormats } = await import('#methods/export.ts');
		const found = exportFormats.get(format);
		if (!found) throw new LabError(`Models are not saved as “${format}”.`);
		return together(signal, async () => {
			const { model, sizes } = opened();
			const report = (done: number) => progress({ done } satisfies ExportProgress);
			const saved = await found.write({ model: model.intact, title, labels, sizes, signal, progress: report });
			const whole = model.ablations.length ? ['What is ablated here is whole in the file.'] : [];
			return { ...saved, notes: [...saved.notes, ...whole] };
		});
	}
});
