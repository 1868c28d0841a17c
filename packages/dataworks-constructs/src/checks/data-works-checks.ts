import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib/core';
import { judge } from './judgement';
import { isCheckedBelow } from './registration';
import { PLUGIN_NAME } from './report';
import { subjectsBelow } from './subjects';

/**
 * The checks that DataWorks constructs bring along, for every bucket and key of an application.
 *
 * They judge the template that was rendered, so that nothing gets past them: no property override, no aspect, no policy
 * statement added later. A finding fails the synthesis. To accept one, say so on the construct, with a reason that ends
 * in the validation report:
 *
 *     Validations.of(bucket).acknowledge({ id: 'DataWorks-S3-NoncurrentExpiry', reason: 'every version is evidence' });
 *
 * Constructs of ours need no registration: they are judged in any case.
 *
 * @exampleMetadata fixture=app-with-lake
 * @example
 * import { DataWorksChecks } from '@dataworks/constructs';
 * import { Validations } from 'aws-cdk-lib/core';
 *
 * Validations.of(app).addPlugins(new DataWorksChecks());
 */
export class DataWorksChecks implements IPolicyValidationPlugin {
  /** Under which name findings stand in the validation report. */
  public readonly name: string = PLUGIN_NAME;

  /** Called by CDK when the templates are written. */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return judge(context, subjectsBelow([context.appConstruct], isCheckedBelow));
  }
}
