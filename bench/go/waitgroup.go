package main

import "sync"

func main() {
	count := argument(1, 20000000)
	var wait sync.WaitGroup
	start := now()
	for i := 0; i < count; i++ {
		wait.Add(1)
		wait.Done()
	}
	wait.Wait()
	printPerOp(start, count)
}
