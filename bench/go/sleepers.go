package main

import (
	"fmt"
	"sort"
	"sync"
	"syscall"
	"time"
)

func cpuMs() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func main() {
	count := argument(1, 1000000)
	percentile := argument(2, 0) != 0
	late := make([]time.Duration, count)
	var done sync.WaitGroup
	done.Add(count)
	random := uint64(88172645463325252)
	for i := 0; i < count; i++ {
		random ^= random << 13
		random ^= random >> 7
		random ^= random << 17
		go func(i int, d time.Duration) {
			start := now()
			time.Sleep(d)
			late[i] = now() - start - d
			done.Done()
		}(i, time.Duration(random%uint64(time.Second)))
	}
	done.Wait()
	used := cpuMs()
	sort.Slice(late, func(i, j int) bool { return late[i] < late[j] })
	if percentile {
		fmt.Printf("%.3f\n", float64(late[count*99/100])/1000)
	} else {
		fmt.Printf("%.3f\n", used)
	}
}
