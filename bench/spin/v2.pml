/*
 * v2 of "smp: don't kick CPUs running idle or nohz_full tasks" in Promela: one CPU patches text and kicks, N targets go between
 * user mode and the kernel. Sequentially consistent; a step of a CPU is one transition, as in v2-core.kick.
 */
#ifndef N
#define N 2
#endif
#ifndef CALLERS
#define CALLERS N           /* so many targets make system calls; the others take interrupts only */
#endif

mtype:irq = { none, device, call_function };
mtype:phase = { select_cpus, send_ipis, await_csds };

bit watching[N + 1];        /* the dynticks counter's lowest bit; CPU 0 is the kicker */
bit csd[N + 1];             /* call_single_data, locked by the kicker */
bit pending_device[N + 1];
bit pending_ipi[N + 1];
byte eqs_since;             /* set of CPUs: in the EQS when the kick began and ever since */
bit stale[N + 1];           /* a fetch may still return the old instruction */
bit cleaned, invalidated, returned;

inline synchronise(cpu) { stale[cpu] = stale[cpu] && !invalidated }

/* Ordinary code: may run the patched location, and uses RCU. */
inline ordinary(cpu) {
	assert(!(returned && stale[cpu]));
	assert(watching[cpu])
}

inline eqs_exit(cpu) {
	d_step { watching[cpu] = 1; eqs_since = eqs_since & ~(1 << cpu) };
	synchronise(cpu)
}

/* An interrupt is pending, or one of a device comes just now. */
inline take_irq(cpu) {
	if
	:: d_step { pending_device[cpu] || pending_ipi[cpu] -> synchronise(cpu) }
	:: d_step { !pending_device[cpu] -> pending_device[cpu] = 1; synchronise(cpu) }
	fi
}

inline handle_irq(cpu) {
	do
	:: d_step { nested -> nested = 0 };             /* irq_exit */
	   watching[cpu] = 0
	:: d_step { !nested && !pending_device[cpu] && !pending_ipi[cpu] -> m = none } -> break
	:: if
	   :: d_step { !nested && pending_device[cpu] -> pending_device[cpu] = 0; m = device }
	   :: d_step { !nested && pending_ipi[cpu] -> pending_ipi[cpu] = 0; m = call_function }
	   fi;
	   synchronise(cpu);                            /* GICv3's end of interrupt has an isb */
	   if                                           /* irq_enter */
	   :: watching[cpu]
	   :: !watching[cpu]; eqs_exit(cpu); nested = 1
	   fi;
	   if
	   :: d_step { m == call_function -> csd[cpu] = 0 }
	   :: d_step { m == device -> ordinary(cpu) }
	   fi
	od
}

/* Interrupts are on: any number of them, then the step. */
#define irqs_on(step) \
	do \
	:: take_irq(_pid); handle_irq(_pid); synchronise(_pid) \
	:: d_step { step } -> break \
	od

inline seek() {
	do
	:: t <= N && !(mask >> t & 1) -> t++
	:: else -> break
	od;
	skip                    /* a d_step may not end in a loop */
}

active proctype kicker() {
	byte mask;
	byte t;
	mtype:phase phase = select_cpus;
	do
	:: d_step {                                     /* the write */
		do
		:: t <= N -> stale[t] = 1; t++
		:: else -> break
		od;
		t = 0;
		cleaned = 0; invalidated = 0; returned = 0
	   };
	   cleaned = 1;                                 /* dc cvau */
	   invalidated = 1;                             /* ic ivau */
	   synchronise(0);                              /* isb */
	   d_step {                                     /* the kick begins */
		t = 1;
		do
		:: t <= N -> eqs_since = eqs_since | !watching[t] << t; t++
		:: else -> break
		od;
		t = 1
	   };
	   do
	   :: d_step {
		phase == select_cpus ->
		if
		:: watching[t] -> mask = mask | 1 << t
		:: else
		fi;
		t++;
		if
		:: t > N -> phase = send_ipis; t = 1; seek()
		:: else
		fi
	      }
	   :: d_step { phase == send_ipis && t <= N -> csd[t] = 1 };
	      d_step {
		assert(!(eqs_since >> t & 1));
		pending_ipi[t] = 1;
		t++; seek();
		if
		:: t > N -> phase = await_csds; t = 1; seek()
		:: else
		fi
	      }
	   :: d_step { phase == await_csds && t <= N && !csd[t] -> t++; seek() }
	   :: d_step { phase != select_cpus && t > N -> phase = select_cpus; t = 0; mask = 0 } -> break
	   od;
	   if                                           /* the kick returns; a `break` may not lead into a bare d_step */
	   :: d_step { returned = 1; eqs_since = 0 }
	   fi
	od
}

active [N] proctype target() {
	mtype:irq m = none;
	bit nested;
	do
	:: d_step { _pid <= CALLERS -> synchronise(_pid) };   /* el0_svc */
	   skip;                                        /* unmask */
	   irqs_on(watching[_pid] = 1; eqs_since = eqs_since & ~(1 << _pid));
	   irqs_on(synchronise(_pid));
	   irqs_on(ordinary(_pid));
	   irqs_on(skip);                               /* mask */
	   watching[_pid] = 0;
	   synchronise(_pid)                            /* eret */
	:: take_irq(_pid);                              /* el0_irq */
	   eqs_exit(_pid);
	   handle_irq(_pid);
	   watching[_pid] = 0;
	   synchronise(_pid)                            /* eret */
	od
}
