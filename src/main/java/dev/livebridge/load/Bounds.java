package dev.livebridge.load;

/**
 * What a number of sessions may cost to count as carried by one instance.
 *
 * @param shareP99Millis the gateway's own share of an audio message's way, 99th percentile
 * @param cpuPercent of the cores the service may use
 */
record Bounds(double shareP99Millis, int cpuPercent) {}
