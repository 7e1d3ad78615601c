import { it } from 'vitest';
import { mnist } from './tools/mnist.ts';
import { finish } from '#maths/projection/rows.ts';
import { principal } from '#maths/projection/principal.ts';
it('t', () => {
  for (const n of [2000,10000]) { const data=mnist('/work/shared/data/mnist',n);
  const t=process.cpuUsage().user;const job=principal(data,2,1);let r=0;for(;;){const s=job.next();if(s.done){console.log('>',n,(process.cpuUsage().user-t)/1e6,[...s.value.variances]);break;}r++;}
  }
},900000);
