// The names that a function uses and does not have from itself: a walk over its syntax tree that follows JavaScript's
// scopes. Where it can't tell, it names one too many, never one too few.
import type { AnyNode, Expression, Function as FunctionNode, Identifier, Pattern } from 'acorn';

/** What a function takes from around it. @internal */
export interface FreeNames {
  /** Each once, in the order of their first use. */
  readonly names: string[];
  /** `this`, `super` or `arguments` of what is around it; a function's own count as such, too, but for `arguments`. */
  readonly usesThis: boolean;
  /** `import.meta`. */
  readonly usesMeta: boolean;
}

/** Names that are declared in one place. */
class Scope {
  readonly names = new Set<string>();
  readonly outer: Scope | null;
  /** Where `var` goes. */
  readonly functionScope: Scope;

  constructor(outer: Scope | null, isFunction: boolean) {
    this.outer = outer;
    this.functionScope = isFunction || outer === null ? this : outer.functionScope;
  }

  has(name: string): boolean {
    return this.names.has(name) || (this.outer?.has(name) ?? false);
  }
}

/** @internal */
export function freeNames(root: Expression): FreeNames {
  return new Walk().read(root);
}

class Walk {
  readonly #uses: [name: string, scope: Scope][] = [];
  #scope = new Scope(null, true);
  /** How many functions and classes around have a `this` of their own that is not the one of what is around the root. */
  #owners = -1;
  #usesThis = false;
  #usesMeta = false;

  read(root: Expression): FreeNames {
    // An arrow function has not even a `this` of its own.
    if (root.type !== 'FunctionExpression') this.#owners = 0;
    this.#visit(root);
    // Only now: names may be used above their declaration.
    const free = this.#uses.filter(([name, scope]) => !scope.has(name)).map(([name]) => name);
    return {
      names: [...new Set(free)].filter((name) => name !== 'arguments'),
      usesThis: this.#usesThis || free.includes('arguments'),
      usesMeta: this.#usesMeta,
    };
  }

  #visit(node: AnyNode): void {
    switch (node.type) {
      case 'Identifier':
        this.#uses.push([node.name, this.#scope]);
        return;
      case 'ThisExpression':
      case 'Super':
        if (this.#owners <= 0) this.#usesThis = true;
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#usesMeta = true;
        return;
      case 'FunctionDeclaration':
        if (node.id !== null) this.#scope.names.add(node.id.name);
        this.#function(node, true);
        return;
      case 'FunctionExpression':
        this.#within(false, () => {
          if (node.id) this.#scope.names.add(node.id.name);
          this.#function(node, true);
        });
        return;
      case 'ArrowFunctionExpression':
        this.#function(node, false);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.type === 'ClassDeclaration' && node.id !== null) this.#scope.names.add(node.id.name);
        this.#within(false, () => {
          if (node.id) this.#scope.names.add(node.id.name);
          if (node.superClass) this.#visit(node.superClass);
          this.#visit(node.body);
        });
        return;
      case 'PropertyDefinition':
        if (node.computed) this.#visit(node.key);
        if (node.value) this.#owned(() => this.#visit(node.value as Expression));
        return;
      case 'StaticBlock':
        this.#owned(() => this.#within(true, () => this.#children(node)));
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          this.#declare(id, node.kind === 'var' ? this.#scope.functionScope : this.#scope);
          if (init) this.#visit(init);
        }
        return;
      case 'CatchClause':
        this.#within(false, () => {
          if (node.param) this.#declare(node.param, this.#scope);
          this.#visit(node.body);
        });
        return;
      case 'BlockStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'SwitchStatement':
        this.#within(false, () => this.#children(node));
        return;
      case 'MemberExpression':
        this.#visit(node.object);
        if (node.computed) this.#visit(node.property);
        return;
      case 'Property':
      case 'MethodDefinition':
        if (node.computed) this.#visit(node.key);
        this.#visit(node.value);
        return;
      case 'UnaryExpression':
        // It asks whether there is such a name.
        if (node.operator === 'typeof' && node.argument.type === 'Identifier') return;
        this.#visit(node.argument);
        return;
      case 'LabeledStatement':
        this.#visit(node.body);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
        this.#children(node);
    }
  }

  #children(node: AnyNode): void {
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) this.#visit(child);
    }
  }

  #function(node: FunctionNode, hasThis: boolean): void {
    this.#within(true, () => {
      if (hasThis) this.#scope.names.add('arguments');
      const inside = (): void => {
        for (const param of node.params) this.#declare(param, this.#scope);
        this.#visit(node.body);
      };
      if (hasThis) this.#owned(inside);
      else inside();
    });
  }

  /** The names of `pattern` belong to `scope`; its defaults and computed keys are used here. */
  #declare(pattern: Pattern, scope: Scope): void {
    switch (pattern.type) {
      case 'Identifier':
        scope.names.add((pattern as Identifier).name);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#declare(property.argument, scope);
          else {
            if (property.computed) this.#visit(property.key);
            this.#declare(property.value, scope);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element !== null) this.#declare(element, scope);
        return;
      case 'RestElement':
        this.#declare(pattern.argument, scope);
        return;
      case 'AssignmentPattern':
        this.#declare(pattern.left, scope);
        this.#visit(pattern.right);
        return;
      default:
        this.#visit(pattern);
    }
  }

  #within(isFunction: boolean, body: () => void): void {
    const outer = this.#scope;
    this.#scope = new Scope(outer, isFunction);
    body();
    this.#scope = outer;
  }

  #owned(body: () => void): void {
    this.#owners += 1;
    body();
    this.#owners -= 1;
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
