/** Sockets straight on the calls of the Linux kernel, by way of java.lang.foreign. */
@NullMarked
package dev.cleanbreak.epoll;

import org.jspecify.annotations.NullMarked;
