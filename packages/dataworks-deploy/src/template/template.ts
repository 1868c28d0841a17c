/** The part of a CloudFormation template that is looked into. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, Parameter>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Parameter {
  readonly Default?: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
