package main

import (
	"runtime"
	"sync"
)

func main() {
	times := argument(1, 5000000)
	var done sync.WaitGroup
	done.Add(2)
	start := now()
	for i := 0; i < 2; i++ {
		go func() {
			for i := 0; i < times; i++ {
				runtime.Gosched()
			}
			done.Done()
		}()
	}
	done.Wait()
	printPerOp(start, 2*times)
}
