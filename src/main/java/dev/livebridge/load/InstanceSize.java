package dev.livebridge.load;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The number of sessions that one instance carries, for the autoscaler.
 *
 * @param carried talkers of the largest step that kept within the bounds; 0 when none did
 * @param limitSeen whether a larger step went beyond them; without one the true figure may be larger
 * @param sessionsPerCore how many would fill one core, by the CPU time of the largest step; NaN when unknown
 * @param byCpu how many would reach the bound of the CPU by that reckoning; NaN when unknown
 */
record InstanceSize(int carried, boolean limitSeen, double sessionsPerCore, double byCpu) {

    static InstanceSize of(List<StepResult> steps, Bounds bounds) {
        int carried = 0;
        boolean limitSeen = false;
        for (StepResult step : steps) {
            if (step.carried(bounds)) {
                carried = step.talkers();
                limitSeen = false;
            } else {
                limitSeen = true;
            }
        }
        OptionalDouble perCore = steps.stream()
                .filter(step -> step.service() != null && step.coresUsed() > 0)
                .mapToDouble(step -> step.ready() / step.coresUsed())
                .reduce((first, last) -> last);
        double cores = steps.stream()
                .map(StepResult::service)
                .filter(service -> service != null)
                .mapToDouble(ServiceFigures::cores)
                .reduce(Double.NaN, (first, last) -> last);
        double sessionsPerCore = perCore.orElse(Double.NaN);
        return new InstanceSize(
                carried, limitSeen, sessionsPerCore, sessionsPerCore * cores * bounds.cpuPercent() / 100);
    }
}
