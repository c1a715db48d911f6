/** Database drivers and network clients on Cleanbreak sockets, in the form that each wants. */
@org.jspecify.annotations.NullMarked
package dev.cleanbreak.drivers;
