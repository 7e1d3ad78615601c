import type { ProjectionApi } from '#contracts/projection.ts';
import { typedEngine } from '#engine/projection/typed-engine.ts';
import { projecting } from '#workers/compute/projection.ts';
import { serve } from '#workers/rpc.ts';

/** The thread that projects on typed arrays, so that the compute worker stays free. */
serve<ProjectionApi>(self as never, projecting(() => typedEngine).api);
