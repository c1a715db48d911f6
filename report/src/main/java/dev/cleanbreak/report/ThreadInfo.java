package dev.cleanbreak.report;

/**
 * A thread by its names.
 *
 * @param name its name, which may be empty
 * @param id its Java id; 0 if no thread waited, as with asynchronous channels
 * @param virtual whether it is a virtual one
 */
public record ThreadInfo(String name, long id, boolean virtual) {}
