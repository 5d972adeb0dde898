package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// processorTime is the processor time that all threads of a process have used so far
// (proc_pid_schedstat, in nanoseconds).
func processorTime(pid int) time.Duration {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	sum := 0
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil {
			ns, _ := strconv.Atoi(strings.Fields(string(b))[0])
			sum += ns
		}
	}
	return time.Duration(sum)
}

// load is the processor time that each process used for a message.
type load struct{ server, program, clients time.Duration }

// spent measures the load of the processes while f sends n messages.
func spent(server, program, n int, f func() error) (load, error) {
	pids := []int{server, program, os.Getpid()}
	var before, used [3]time.Duration
	for i, pid := range pids {
		before[i] = processorTime(pid)
	}
	err := f()
	for i, pid := range pids {
		used[i] = (processorTime(pid) - before[i]) / time.Duration(n)
	}
	return load{used[0], used[1], used[2]}, err
}

// micros is a duration in microseconds.
func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
