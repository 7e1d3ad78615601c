import { untrack } from 'svelte';
import { useViewState } from '#state/lab/context.ts';
import { parseReference, type Graph, type GraphNode } from '#contracts/graph.ts';
import { PREDICTED, differenceWords, differing, type Result } from '#contracts/identity.ts';
import type { GraphTheme } from '#contracts/graph-picture.ts';
import type { NodeTimes, Scene, StructureSummary } from '#contracts/structure.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { GraphDrawing } from '#state/structure/drawing.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { saveFile } from '#state/lab/saving.ts';
import { LayoutThread } from '#state/structure/layout-thread.ts';
import { openGroups } from '#state/structure/open-option.ts';

export type Direction = 'down' | 'right';

/** The structure of the open model: its drawing, its costs, its measured times. */
export class Structure extends JobViewState implements ViewState {
	protected override readonly titles = {
		layout: 'Laying out the graph',
		times: 'Timing the layers'
	};
	summary = $state.raw<StructureSummary | null>(null);
	scene = $state.raw<Scene | null>(null);
	/** Ids of open groups; null until the graph is known. */
	open = $state.raw<readonly string[] | null>(null);
	direction = $state<Direction>('down');
	/** Measured on an input, with the weights as they were. */
	times = $state.raw<Result<NodeTimes> | null>(null);
	/** How what was measured differs from what is open now, in words; empty while it does not. */
	readonly timesOld = $derived.by(() =>
		this.times ? differenceWords(differing(this.times.of, this.context.identity(PREDICTED))) : ''
	);
	readonly drawing: GraphDrawing;
	visible = $state(false);
	/** What the link says of open groups, until they were opened. */
	#linked = '';
	/** The way that it is to run. */
	readonly requestedDirection = $derived.by<Direction>(() =>
		this.context.option('structure.direction', 'down') === 'right' ? 'right' : 'down'
	);
	#thread: LayoutThread | null = null;
	#graph: Graph | null = null;

	constructor(context: ViewContext) {
		super(context);
		this.drawing = new GraphDrawing(context);
	}

	watch(): void {
		$effect(() => {
			if (this.visible) this.#linked = untrack(() => this.context.option('structure.open', ''));
		});
		// Another model, or the way it runs: laid out anew.
		$effect(() => {
			const { graph, requestedDirection } = this;
			if (this.visible && graph) untrack(() => void this.#begin(requestedDirection));
		});
	}

	/** The link says which groups are open, and which node is looked at. */
	async #begin(direction: Direction): Promise<void> {
		await this.lay(this.open, direction);
		const { summary } = this;
		if (!summary) return;
		const linked = openGroups(this.#linked, summary);
		this.#linked = '';
		if (linked) await this.lay(linked, direction);
		if (this.context.layer) await this.reveal(this.context.layer);
	}

	get busy(): boolean {
		return 'layout' in this.running;
	}

	get graph(): Graph | null {
		return this.context.graph;
	}

	readonly nodes: ReadonlyMap<string, GraphNode> = $derived.by(
		() => new Map(this.graph?.nodes.map((node) => [node.id, node]))
	);

	/** Who reads a node, by id. */
	readonly consumers: ReadonlyMap<string, readonly string[]> = $derived.by(() => {
		const all = new Map<string, string[]>();
		for (const node of this.nodes.values())
			for (const id of new Set(node.inputs.map((reference) => this.source(reference)))) {
				const own = all.get(id);
				if (own) own.push(node.id);
				else all.set(id, [node.id]);
			}
		return all;
	});

	/** The node behind a reference. */
	source(reference: string): string {
		return this.nodes.has(reference) ? reference : parseReference(reference)[0];
	}

	reset(): void {
		this.cancel('layout');
		this.cancel('times');
		this.#thread?.dispose();
		this.#thread = this.#graph = null;
		this.summary = this.scene = this.open = this.times = null;
	}

	async restore(): Promise<void> {
		// Times were measured on an engine that is gone.
		this.times = null;
		return Promise.resolve();
	}

	/**
	 * Lays the open model's graph out.
	 * @param open ids of the groups to open; null for those to begin with
	 */
	async lay(open: readonly string[] | null, direction: Direction): Promise<void> {
		const { graph } = this;
		if (!graph) return;
		if (graph !== this.#graph) {
			this.reset();
			this.#graph = graph;
		}
		const thread = (this.#thread ??= new LayoutThread(graph));
		await this.job(
			'layout',
			async (signal, progress) => {
				const summary = await thread.summary(signal);
				progress(0.2);
				const requested = open ?? summary.open;
				const scene = await thread.layout({ open: requested, direction }, signal, (coarse) => {
					if (!signal.aborted) this.#take(summary, coarse, requested, direction);
				});
				return { summary, scene, requested };
			},
			({ summary, scene, requested }) => this.#take(summary, scene, requested, direction)
		);
	}

	#take(summary: StructureSummary, scene: Scene, open: readonly string[], direction: Direction): void {
		this.summary = summary;
		this.open = open;
		this.direction = direction;
		this.scene = scene;
	}

	/** Opens or folds a group; what is in a folded one keeps its state. */
	toggle(group: string): Promise<void> {
		const open = this.open ?? [];
		return this.lay(open.includes(group) ? open.filter((id) => id !== group) : [...open, group], this.direction);
	}

	/** Opens the folded groups around a node, so that it is seen. */
	async reveal(node: string): Promise<void> {
		const { summary, open } = this;
		if (!summary || !open) return;
		const index = this.graph?.nodes.findIndex(({ id }) => id === node) ?? -1;
		const byId = new Map(summary.groups.map((group) => [group.id, group]));
		const requested = new Set(open);
		for (let group = summary.groups[summary.within[index] ?? -1]; group; group = byId.get(group.parent ?? ''))
			requested.add(group.id);
		if (requested.size > open.length) await this.lay([...requested], this.direction);
	}

	/** Median milliseconds of every node, each run from its inputs. */
	async measure(runs: number): Promise<void> {
		const of = this.context.identity(PREDICTED);
		const take = (times: NodeTimes) => (this.times = { value: times, of });
		await this.job(
			'times',
			(signal, progress) => this.context.compute.with(inParts(signal, progress, take)).times({ runs }),
			take,
			of
		);
	}

	/** A file of the graph: as it is drawn, or with all its nodes. */
	async save(
		kind: 'svg' | 'png' | 'dot' | 'json',
		scene: Scene,
		colours: Uint8Array,
		theme: GraphTheme,
		title: string
	): Promise<void> {
		const { graph, summary } = this;
		if (!graph || !summary) return;
		try {
			const [{ graphDot, graphSvg }, { graphJson }] = await Promise.all([
				import('#state/structure/export.ts'),
				import('#contracts/graph-file.ts')
			]);
			if (kind === 'svg') this.saveText(graphSvg(scene, colours, theme, title), `${title}.svg`, 'image/svg+xml');
			else if (kind === 'dot') this.saveText(graphDot(graph, title), `${title}.dot`, 'text/vnd.graphviz');
			else if (kind === 'json')
				this.saveText(graphJson(graph, summary.costs, title), `${title}.json`, 'application/json');
			else saveFile(await this.drawing.png(scene, colours, theme), `${title}.png`);
		} catch (error) {
			this.context.failed(error);
		}
	}

	saveText(text: string, name: string, type: string): void {
		saveFile(new Blob([text], { type }), name);
	}
}

/** The state of this page, for any component of its view. */
export const useStructure = (): Structure => useViewState(Structure);
export const useGraphDrawing = (): GraphDrawing => useStructure().drawing;
