package main

import "sync"

const workers = 4

var a, b, c []float64

func work(rows <-chan int, n int, done *sync.WaitGroup) {
	for i := range rows {
		for j := 0; j < n; j++ {
			sum := 0.0
			for k := 0; k < n; k++ {
				sum += a[i*n+k] * b[k*n+j]
			}
			c[i*n+j] = sum
		}
	}
	done.Done()
}

func main() {
	n := argument(1, 320)
	a = make([]float64, n*n)
	b = make([]float64, n*n)
	c = make([]float64, n*n)
	for i := range a {
		a[i] = float64(i % 7)
		b[i] = float64(i % 5)
	}
	rows := make(chan int)
	var done sync.WaitGroup
	done.Add(workers)
	start := now()
	for i := 0; i < workers; i++ {
		go work(rows, n, &done)
	}
	for i := 0; i < n; i++ {
		rows <- i
	}
	close(rows)
	done.Wait()
	printMs(start)
}
