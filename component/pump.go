package component

import (
	"context"
	"sync"

	"porchlight/bridge"
)

// task names something to be brought up to date for the operators. The barrier uses it as
// the name of a log, too, with operator or turn set.
type task struct {
	conversation int64              // send this conversation's log to all who take part
	operator     bridge.OperatorJID // in the barrier: the one to whom the conversation's log was sent
	desk         bridge.OperatorJID // send this operator's desk log
	turn         int64              // in the barrier: what bridge.Reach.Holds returned when the desk log was sent
	status       bool               // show the presence of the desk
	all          bool               // bring all else up to date
	probe        bridge.OperatorJID // ask for this operator's presence
}

const pumpWorkers = 16

// pump does tasks over one link. One goroutine at a time works on a task, so a log is sent
// in order. A task that is woken while it runs is done once more afterwards.
type pump struct {
	do func(context.Context, task)

	mu     sync.Mutex
	work   sync.Cond
	state  map[task]int // tasks that are queued or running
	queue  []task
	closed bool
}

// The states of a task; one that is absent has nothing to do.
const (
	taskQueued = iota + 1
	taskRunning
	taskAgain // running, and woken meanwhile
)

func newPump(do func(context.Context, task)) *pump {
	p := &pump{do: do, state: make(map[task]int)}
	p.work.L = &p.mu
	return p
}

// run works until ctx ends and the tasks under way are done.
func (p *pump) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closed = true
		p.work.Broadcast()
	})
	defer stop()
	var owned sync.WaitGroup
	for range pumpWorkers {
		owned.Go(func() {
			for {
				t, ok := p.next()
				if !ok {
					return
				}
				p.do(ctx, t)
				p.done(t)
			}
		})
	}
	owned.Wait()
}

// wake queues a task. It never waits; any goroutine may call it.
func (p *pump) wake(t task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch p.state[t] {
	case 0:
		p.state[t] = taskQueued
		p.queue = append(p.queue, t)
		p.work.Signal()
	case taskRunning:
		p.state[t] = taskAgain
	}
}

func (p *pump) next() (task, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.work.Wait()
	}
	if p.closed {
		return task{}, false
	}
	t := p.queue[0]
	p.queue = p.queue[1:]
	p.state[t] = taskRunning
	return t, true
}

func (p *pump) done(t task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := p.state[t] == taskAgain
	delete(p.state, t)
	if again {
		p.state[t] = taskQueued
		p.queue = append(p.queue, t)
		p.work.Signal()
	}
}
