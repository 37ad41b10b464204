import { counter, gauge } from './metric.ts';

/** Metrics of the queue of password hashes. */
export const hashMetrics = {
  hashCapacity: gauge('gatehouse_hash_queue_capacity', 'server', 'Places in the queue of hashes.'),
  hashPlaces: gauge('gatehouse_hash_queue_places', 'server', 'Places that requests hold.'),
  hashesRunning: gauge('gatehouse_hash_queue_running', 'server', 'Hashes that run.'),
  hashesWaiting: gauge('gatehouse_hash_queue_waiting', 'server', 'Hashes that wait for a core.'),
  hashesRefused: counter(
    'gatehouse_hash_queue_refusals_total',
    'server',
    'Requests refused because the queue of hashes was full.',
  ),
};
