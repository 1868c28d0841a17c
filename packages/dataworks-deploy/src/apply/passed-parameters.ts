import { refersTo } from '../plan/template/references';
import { isObject } from '../plan/template/stack-template';

/**
 * Parameters of a nested stack that are passed something of a changing resource around it: CloudFormation does not know before whether it
 * changes. Where it may, the plan says so, and shows what it changes; everything else stays as it is.
 *
 * @param properties of the nested stack's resource in the template around it
 * @param changing logical ids of resources in that template
 */
export function passedTo(properties: unknown, changing: ReadonlySet<string>): Set<string> {
  const passed = Object.entries(isObject(properties) && isObject(properties.Parameters) ? properties.Parameters : {});
  return new Set(passed.filter(([, value]) => refersTo(value, changing)).map(([name]) => name));
}
