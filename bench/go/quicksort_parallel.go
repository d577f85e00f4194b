package main

import "sync"

const alone = 10000

func quicksort(v []int32, low, high int, sorted *sync.WaitGroup) {
	for low < high {
		pivot := v[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		if j-low > alone {
			sorted.Add(1)
			go func(from, to int) {
				quicksort(v, from, to, sorted)
				sorted.Done()
			}(low, j)
		} else {
			quicksort(v, low, j, sorted)
		}
		low = i
	}
}

func main() {
	n := argument(1, 2000000)
	v := make([]int32, n)
	random := uint32(12345)
	for i := range v {
		random = random*1664525 + 1013904223
		v[i] = int32(random >> 1)
	}
	var sorted sync.WaitGroup
	start := now()
	quicksort(v, 0, n-1, &sorted)
	sorted.Wait()
	printMs(start)
	for i := 1; i < n; i++ {
		if v[i-1] > v[i] {
			panic("not sorted")
		}
	}
}
