package main

import "sync"

func main() {
	batches := argument(1, 3000)
	batch := 1000
	start := now()
	for i := 0; i < batches; i++ {
		var wait sync.WaitGroup
		wait.Add(batch)
		for j := 0; j < batch; j++ {
			go wait.Done()
		}
		wait.Wait()
	}
	printPerOp(start, batches*batch)
}
