import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { judge } from './judgement';
import { PLUGIN_NAME } from './report';
import { subjectsBelow } from './subjects';

/** The checks that our constructs bring along: they judge what is below them, and nothing else of the app. */
export class BuiltInChecks implements IPolicyValidationPlugin {
  public readonly name = PLUGIN_NAME;

  /** The constructs of ours; a construct may be below another one, and is judged once. */
  public readonly scopes = new Set<IConstruct>();

  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return judge(context, subjectsBelow(this.scopes));
  }
}
