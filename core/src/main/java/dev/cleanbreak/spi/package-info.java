/**
 * What a transport offers to the sockets: system calls that never block, and a way to sleep until
 * one of them is worth trying again. Everything that can be cut is above this line; nothing below
 * it ever waits for the peer except {@link dev.cleanbreak.spi.Readiness#await}.
 */
@NullMarked
package dev.cleanbreak.spi;

import org.jspecify.annotations.NullMarked;
