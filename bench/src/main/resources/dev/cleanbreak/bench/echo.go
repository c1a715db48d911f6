// A ping-pong on Go's net: a goroutine at each end, a deadline for each call.
// Arguments: connections, bytes. For each line "millis" it works for that long and prints
// "round-trips nanoseconds cpu-nanoseconds".
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const limit = time.Hour

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func echo(server net.Conn, bytes int) {
	buffer := make([]byte, bytes)
	for {
		server.SetReadDeadline(time.Now().Add(limit))
		if _, err := io.ReadFull(server, buffer); err != nil {
			return
		}
		server.SetWriteDeadline(time.Now().Add(limit))
		if _, err := server.Write(buffer); err != nil {
			return
		}
	}
}

func cpuNanos() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func main() {
	if len(os.Args) < 3 {
		os.Exit(2)
	}
	connections, err := strconv.Atoi(os.Args[1])
	check(err)
	bytes, err := strconv.Atoi(os.Args[2])
	check(err)
	clients := make([]net.Conn, connections)
	for i := range clients {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		check(err)
		clients[i], err = net.Dial("tcp", listener.Addr().String())
		check(err)
		server, err := listener.Accept()
		check(err)
		check(listener.Close())
		go echo(server, bytes)
	}
	for {
		var millis int64
		if _, err := fmt.Scan(&millis); err != nil {
			return
		}
		began, cpu := time.Now(), cpuNanos()
		var running atomic.Bool
		var total atomic.Int64
		var finished sync.WaitGroup
		running.Store(true)
		for _, client := range clients {
			finished.Add(1)
			go func(client net.Conn) {
				defer finished.Done()
				buffer := make([]byte, bytes)
				var roundTrips int64
				for running.Load() {
					check(client.SetWriteDeadline(time.Now().Add(limit)))
					_, err := client.Write(buffer)
					check(err)
					check(client.SetReadDeadline(time.Now().Add(limit)))
					_, err = io.ReadFull(client, buffer)
					check(err)
					roundTrips++
				}
				total.Add(roundTrips)
			}(client)
		}
		time.Sleep(time.Duration(millis) * time.Millisecond)
		running.Store(false)
		finished.Wait()
		fmt.Println(total.Load(), time.Since(began).Nanoseconds(), cpuNanos()-cpu)
	}
}
